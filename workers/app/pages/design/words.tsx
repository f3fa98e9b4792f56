import type { MonitorStatus } from '../../../../shared/domain/schedule.ts'
import { FindingBanner, LogBadge, LogBanner, SeenByBrowser } from '../components/audit-badge.tsx'
import { EndingBanner } from '../components/ending.tsx'
import { Icon } from '../components/icon.tsx'
import { SafeLink } from '../components/link.tsx'
import { From } from '../components/origin.tsx'
import { Code, Empty, Heading, NewLink, Older, PostButton, SecretText, Section } from '../components/page-parts.tsx'
import { Prose } from '../components/prose.tsx'
import { SettingsMenu } from '../components/settings-menu.tsx'
import { Parts, SiteFoot } from '../components/site-foot.tsx'
import { Badge, Banner, IncidentBadge, STATUS_WORDS, Status } from '../components/status.tsx'
import { Ago, clockIn, Day, duration, Time } from '../components/time.tsx'
import { WorkspaceMenu } from '../components/workspace-menu.tsx'
import { DAY_MS, editor, finding, iso, NOW, standing } from './data.ts'
import type { DesignPart } from './part.ts'

const DOCUMENT =
  '<h2>A document</h2><p>Made of <code>Markdown</code> by the build, with <a href="/design">links</a>.</p><ul><li>One thing</li><li>Another</li></ul>'

const STATUSES = Object.keys(STATUS_WORDS) as MonitorStatus[]
const BERLIN = clockIn('Europe/Berlin')

const Buttons = () => (
  <>
    <div class="row">
      <button type="button" class="btn btn-primary">
        Primary
      </button>
      <button type="button" class="btn">
        Other
      </button>
      <button type="button" class="btn btn-danger">
        Delete
      </button>
      <button type="button" class="btn btn-sm">
        Small
      </button>
      <button type="button" class="link-btn">
        As a link
      </button>
    </div>
    <div class="row">
      <NewLink href="/design">New monitor</NewLink>
      <PostButton action="/design" icon="refresh" primary>
        Check now
      </PostButton>
      <PostButton action="/design" icon="paused">
        Pause
      </PostButton>
      <PostButton action="/design" small>
        Switch
      </PostButton>
    </div>
    <Older path="/design" query={{}} cursor="next" />
  </>
)

const Places = () => (
  <>
    <div class="row">
      <WorkspaceMenu name="Acme" own={editor.own} />
    </div>
    <nav class="pills" aria-label="Filters">
      <a href="/design" aria-current="page">
        <Icon name="up" /> 12 up
      </a>
      <a href="/design">
        <Icon name="degraded" /> 1 degraded
      </a>
    </nav>
    <SettingsMenu current="/settings" />
    <Parts
      parts={[
        { id: 'first', text: 'First part' },
        { id: 'second', text: 'Second part' },
      ]}
    />
    <p id="first">The first part</p>
    <p id="second">The second part</p>
    <SiteFoot />
  </>
)

const Times = () => (
  <ul class="plain stack-sm">
    <li>
      <Time at={iso(0)} />
    </li>
    <li>
      <Time at={NOW} clock={BERLIN} />
    </li>
    <li>
      <Day day="2026-11-24" />
    </li>
    <li>
      <Ago at={NOW - 14_000} now={NOW} />
    </li>
    <li>
      <Ago at={NOW - 3 * DAY_MS} now={NOW} narrow />
    </li>
    <li>Down for {duration(23 * 60_000)}</li>
  </ul>
)

const Lines = () => (
  <>
    <p>
      <SecretText secret={{ set: true, fingerprint: 'ab12cd34' }} replace="/design" />
    </p>
    <p>
      <SecretText secret={{ set: false }} />
    </p>
    <p>
      <SafeLink href="https://acme.example">acme.example</SafeLink>,{' '}
      <SafeLink href="ftp://acme.example">an address that is no link</SafeLink>
    </p>
    <p>
      <From origin={{ userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', ip: '203.0.113.7', country: 'DE' }} />
    </p>
    <Code>curl -H "Authorization: Bearer $CANDOR_KEY" https://candor.example/v1/monitors</Code>
    <Prose html={DOCUMENT} />
  </>
)

const Banners = () => (
  <>
    <Banner tone="up" icon="send">
      <p>The test was sent.</p>
    </Banner>
    <Banner tone="degraded" icon="copy">
      <p>Copy it now: it is not shown again.</p>
    </Banner>
    <Banner tone="down" icon="down">
      <p>
        <strong>Down for 23 min.</strong> <a href="/design">What was seen</a>
      </p>
    </Banner>
    <Banner tone="stale" icon="stale">
      <p>Nothing is known just now.</p>
    </Banner>
    <EndingBanner endsAt={NOW + 6 * DAY_MS} mayKeep />
    <EndingBanner endsAt={NOW + 6 * DAY_MS} mayKeep={false} />
    <FindingBanner finding={finding} />
    <LogBanner standing={{ ...standing, finding }} />
  </>
)

/** What is said in a word, a line or a sentence. */
export const WORD_PARTS: DesignPart[] = [
  { id: 'buttons', title: 'Buttons', show: Buttons },
  { id: 'places', title: 'Menus and pills', show: Places },
  {
    id: 'statuses',
    title: 'Statuses and badges',
    show: () => (
      <>
        <p class="row">
          {STATUSES.map((status) => (
            <Status status={status} />
          ))}
        </p>
        <p class="row">
          {STATUSES.map((status) => (
            <Badge tone={status} icon={status}>
              {STATUS_WORDS[status]}
            </Badge>
          ))}
        </p>
        <p class="row">
          <IncidentBadge open />
          <IncidentBadge open={false} />
        </p>
        <LogBadge standing={standing} />
        <LogBadge standing={{ ...standing, known: false }} />
        <SeenByBrowser standing={standing} />
      </>
    ),
  },
  { id: 'banners', title: 'Banners', show: Banners },
  {
    id: 'headings',
    title: 'Headings, and nothing here',
    show: (theme) => (
      <>
        <Heading title="A page">
          <a class="btn" href="/design">
            Edit
          </a>
        </Heading>
        <p class="lead">What the page is about, in a sentence.</p>
        <Section id="section" title={`A section that is ${theme}`} aside={<a href="/design">More</a>}>
          <p>
            What it says. <span class="muted">And what matters less.</span>
          </p>
        </Section>
        <Empty icon="activity" title="Nothing is watched yet">
          <p>Give Candor the address of a site.</p>
          <NewLink href="/design">New monitor</NewLink>
        </Empty>
      </>
    ),
  },
  { id: 'times', title: 'Times', show: Times },
  { id: 'lines', title: 'Secrets, links, documents', show: Lines },
]
