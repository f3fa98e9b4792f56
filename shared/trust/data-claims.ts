import type { Claim } from './claim.ts'

export const CREDENTIAL_CLAIMS: Claim[] = [
  {
    id: 'sealed',
    sentence: 'Headers, bodies and webhook settings are sealed under keys that are not in the database.',
    how: 'XAES-256-GCM, under a key for each workspace. What was sealed opens in its own workspace, table, row and column only, and not after any byte was changed.',
    proofs: [
      {
        file: 'test/crypto/sealed.test.ts',
        test: 'a blob opens only in the workspace, table, row and column that it was sealed for',
      },
      {
        file: 'test/crypto/sealed.test.ts',
        test: 'a blob with any byte changed, cut off or added does not open',
      },
    ],
  },
  {
    id: 'absent',
    sentence: 'What you enter as a secret stands in no audit entry, answer, page or log line.',
    how: 'Entries are made from an allow-list, in which a secret is a keyed fingerprint. The tests search the whole database for each secret, in every spelling.',
    proofs: [
      {
        file: 'test/workspace/secrets.test.ts',
        test: 'secrets that people type > stand nowhere, in no spelling and as no hash that a guess could be tried on',
      },
      {
        file: 'test/api/secrets.test.ts',
        test: 'a secret that was typed once > is in no answer of the API, whatever is done with what it belongs to',
      },
    ],
  },
  {
    id: 'canaries',
    sentence: 'More than fifty secrets are planted in a whole machine, used, and found nowhere they should not be.',
    how: 'Candor runs with its own start command. Each secret is sent in checks and messages; then every page, answer and export, every line that was written and every file on the disk is searched.',
    proofs: [
      {
        file: 'test/e2e/canaries.test.ts',
        test: 'secrets that were entered on a machine > are used: in checks, in messages and as keys',
      },
      {
        file: 'test/e2e/canaries.test.ts',
        test: 'secrets that were entered on a machine > are on no page, in no answer, in no export and in no message',
      },
      {
        file: 'test/e2e/canaries.test.ts',
        test: 'secrets that were entered on a machine > are not on the disk and in no line that Candor has written',
      },
    ],
  },
  {
    id: 'rotation',
    sentence: 'The keyring is turned while Candor runs, and nothing is lost when it is killed on the way.',
    how: 'Values are sealed again a few at a time, each step an entry. They open at every moment, under the old key or the new one.',
    proofs: [
      {
        file: 'test/e2e/rotate.test.ts',
        test: 'a machine on which the keyring is turned twelve times, and Candor is killed each time on the way > every value opens at every moment',
      },
    ],
  },
]

export const OUTSIDE_CLAIMS: Claim[] = [
  {
    id: 'private-networks',
    sentence:
      'No check, redirect or message reaches an address that is not on the public internet, but for those that the operator lists.',
    how: 'One guard, in a Worker without secrets, looks at the address and at what its name resolves to, before each request and each redirect. On one machine a name may still change between look-up and request; on Cloudflare the platform refuses that.',
    proofs: [
      {
        file: 'test/address.test.ts',
        test: 'addresses that are not public > the first and the last address of each range are refused, and those beside them are not',
      },
      {
        file: 'test/probe.test.ts',
        test: 'a redirect > is followed to the end, and each address on the way is resolved and noted',
      },
      {
        file: 'test/api/addresses.test.ts',
        test: 'an address that a monitor or a webhook would go to > is stored nowhere when it was refused',
      },
    ],
  },
  {
    id: 'open-check',
    sentence:
      'The check that anybody may ask for on the start page reaches nothing private, shows nothing of the answer but its status and time, and is limited.',
    how: 'Standard ports, three redirects, five seconds, and none of the private targets that an operator lists for monitors. It is made only for a page that a person opens, and counted by address, by host and over all.',
    proofs: [
      {
        file: 'test/probe.test.ts',
        test: 'a check for somebody who is not signed in > follows three redirects and not a fourth',
      },
      {
        file: 'test/public/check.test.ts',
        test: 'checking a URL without an account > asks for what was typed, and for nothing else that its asker could choose',
      },
      {
        file: 'test/public/check.test.ts',
        test: 'who may have a check made > no other method than GET',
      },
      {
        file: 'test/public/check.test.ts',
        test: 'how often > one host is checked is limited, whoever asks and however it is written',
      },
    ],
  },
  {
    id: 'signed-webhooks',
    sentence: 'A receiver can tell that a message is ours, and that it was not changed or sent again.',
    how: 'Messages are signed by Standard Webhooks. The tests verify them with the library that its authors publish.',
    proofs: [
      {
        file: 'test/crypto/webhook-signature.test.ts',
        test: 'a receiver that uses the standardwebhooks package > refuses the message when its text, id or time was changed, and under another secret',
      },
      {
        file: 'test/crypto/webhook-signature.test.ts',
        test: 'a receiver that uses the standardwebhooks package > refuses a message that is sent again an hour later',
      },
    ],
  },
  {
    id: 'never-falsely-green',
    sentence: 'What is not known is grey, never green.',
    how: 'Without a result for three intervals a monitor is stale, and the public page says since when.',
    proofs: [
      {
        file: 'test/public/status-page.test.ts',
        test: 'what a public page says > is grey, with the time of the last result, when no result has come for three intervals',
      },
    ],
  },
  {
    id: 'no-scripts',
    sentence: 'Pages load nothing from another origin, and run no script that somebody else puts into them.',
    how: 'They are whole without JavaScript, and their policy allows none but one file of ours on the two pages of a log.',
    proofs: [
      {
        file: 'test/api/headers.test.ts',
        test: 'a dashboard page runs no script at all, and takes styles and pictures from itself only',
      },
      {
        file: 'test/pages/injection.test.ts',
        test: 'no page links to a javascript address, whatever is typed',
      },
    ],
  },
  {
    id: 'eu',
    sentence: 'Every Durable Object is asked for in the European Union, unless the operator has decided otherwise.',
    how: 'One function reaches objects, with the jurisdiction of the configuration; "eu" is what the repository has. That Cloudflare keeps to it no test here can show; what is not bound to the EU stands under Subprocessors.',
    proofs: [
      {
        file: 'test/api/jurisdiction.test.ts',
        test: 'with what the repository has configured, every object is asked for in the European Union',
      },
    ],
  },
]
