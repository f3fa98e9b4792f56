import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { deploymentLog, type Env, objectOf } from '../../workers/app/bindings.ts'
import wrangler from '../../wrangler.toml?raw'

/** A namespace of this machine, which has no jurisdictions, and what it was asked for. */
function recorded() {
  const asked: string[] = []
  const namespace = new Proxy(env.DEPLOYMENT_LOG, {
    get(target, name) {
      if (name === 'jurisdiction')
        return (place: string) => {
          asked.push(place)
          return target
        }
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { asked, namespace }
}

const configured = /^JURISDICTION = "(.*)"$/m.exec(wrangler)?.[1] ?? ''
const CLASSES = [...wrangler.matchAll(/^class_name = "(\w+)"$/gm)].map(([, name = '']) => name)

test('with what the repository has configured, every object is asked for in the European Union', () => {
  expect(configured).toBe('eu')
  const { asked, namespace } = recorded()
  for (const name of CLASSES) objectOf(namespace, { JURISDICTION: configured }, name)
  deploymentLog({ JURISDICTION: configured, DEPLOYMENT_LOG: namespace } as Pick<Env, 'JURISDICTION' | 'DEPLOYMENT_LOG'>)
  expect(CLASSES.length).toBeGreaterThan(3)
  expect(asked).toEqual([...CLASSES, 'deployment'].map(() => 'eu'))
})

test('whoever wants the place left to the platform says so, and gets no jurisdiction', () => {
  const { asked, namespace } = recorded()
  for (const JURISDICTION of ['none', '']) objectOf(namespace, { JURISDICTION }, 'x')
  expect(asked).toEqual([])
})
