const RULES = `
:root{color-scheme: light dark;--surface: #ffffff;--surface-raised: #fcfcfd;--surface-hover: #f0f0f3;--line: #e0e1e6;--line-control: #8b8d98;--text: #1c2024;--text-muted: #60646c;--link: #3a5bc7;--focus: #3e63dd;--up: #0d9b8a;--up-text: #0d3d38;--up-tint: #e0f8f3;--degraded: #cc6f05;--degraded-text: #4f3422;--degraded-tint: #fff7c2;--down: #a8123a;--down-text: #64172b;--down-tint: #ffecef;--no-data: #8b8d98;--font: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;--text-xs: 0.75rem;--text-sm: 0.875rem;--text-lg: 1.25rem;--text-xl: 1.75rem;--text-2xl: 2.5rem;--space-1: 0.25rem;--space-2: 0.5rem;--space-3: 0.75rem;--space-4: 1rem;--space-6: 1.5rem;--space-8: 2rem;--space-12: 3rem;--space-16: 4rem;--radius-1: 4px;--radius-2: 8px;--radius-full: 999px;--page: 46rem}
@supports (color: light-dark(#000, #fff)){
:root{--surface: light-dark(#ffffff, #111113);--surface-raised: light-dark(#fcfcfd, #18191b);--surface-hover: light-dark(#f0f0f3, #212225);--line: light-dark(#e0e1e6, #2e3135);--line-control: light-dark(#8b8d98, #696e77);--text: light-dark(#1c2024, #edeef0);--text-muted: light-dark(#60646c, #b0b4ba);--link: light-dark(#3a5bc7, #9eb1ff);--focus: light-dark(#3e63dd, #9eb1ff);--up: light-dark(#0d9b8a, #0eb39e);--up-text: light-dark(#0d3d38, #adf0dd);--up-tint: light-dark(#e0f8f3, #0d2d2a);--degraded: light-dark(#cc6f05, #ffca16);--degraded-text: light-dark(#4f3422, #ffe7b3);--degraded-tint: light-dark(#fff7c2, #302008);--down: light-dark(#a8123a, #ec5a72);--down-text: light-dark(#64172b, #fed2e1);--down-tint: light-dark(#ffecef, #3a141e);--no-data: light-dark(#8b8d98, #696e77)}
}
*,*::before,*::after{box-sizing: border-box}
html{font: 1rem / 1.5 var(--font);background: var(--surface);color: var(--text);-webkit-text-size-adjust: 100%;scrollbar-gutter: stable}
body,h1,h2,h3,p,ul,ol,dl,dd,figure,pre{margin: 0}
h1{font-size: var(--text-xl);line-height: 2.25rem;letter-spacing: -0.02em;text-wrap: balance}
h2{font-size: var(--text-lg);line-height: 1.75rem;letter-spacing: -0.01em}
h3{font-size: 1rem}
a{color: var(--link);text-underline-offset: 0.2em;text-decoration-thickness: 1px}
td a,th a,li a{display: inline-block;min-height: 1.5rem}
a:hover{text-decoration-thickness: 2px}
:focus-visible{outline: 2px solid var(--focus);outline-offset: 2px;border-radius: var(--radius-1)}
summary{cursor: pointer;min-height: 1.5rem}
time,.num{font-variant-numeric: tabular-nums}
.muted{color: var(--text-muted)}
.small{font-size: var(--text-sm);line-height: 1.25rem}
.wrap{overflow-wrap: anywhere}
.answer h1{font-size: clamp(var(--text-xl), 6vw, var(--text-2xl));line-height: 1.1}
.skip{position: absolute;left: -999px}
.skip:focus{left: var(--space-4);top: var(--space-4);z-index: 1;background: var(--surface);padding: var(--space-2)}
.page{max-width: var(--page);margin-inline: auto;padding: var(--space-8) var(--space-4) var(--space-16)}
.stack > * + *{margin-block-start: var(--space-4)}
.stack-lg > * + *{margin-block-start: var(--space-12)}
.row{display: flex;gap: var(--space-2) var(--space-3);align-items: center;flex-wrap: wrap}
.between{justify-content: space-between}
.plain{list-style: none;padding: 0}
.icon{width: 1.125em;height: 1.125em;flex: none;vertical-align: -0.2em}
.card{border: 1px solid var(--line);border-radius: var(--radius-2);background: var(--surface-raised)}
.card > *{padding: var(--space-4) var(--space-6)}
.card > * + *{border-block-start: 1px solid var(--line)}
.foot{border-block-start: 1px solid var(--line);margin-block-start: var(--space-16);padding-block: var(--space-6);font-size: var(--text-sm);color: var(--text-muted)}
[data-status="up"]{--tone: var(--up);--tone-text: var(--up-text);--tone-tint: var(--up-tint)}
[data-status="degraded"]{--tone: var(--degraded);--tone-text: var(--degraded-text);--tone-tint: var(--degraded-tint)}
[data-status="down"]{--tone: var(--down);--tone-text: var(--down-text);--tone-tint: var(--down-tint)}
.status{font-size: var(--text-sm);font-weight: 600;white-space: nowrap}
.status .icon{margin-inline-end: var(--space-2)}
.status .icon,.badge .icon,.banner .icon{color: var(--tone, var(--text-muted))}
.badge{display: inline-flex;align-items: center;gap: var(--space-1);padding: 0 var(--space-2);border-radius: var(--radius-full);font-size: var(--text-xs);line-height: 1.5rem;font-weight: 600;background: var(--tone-tint, var(--surface-hover));color: var(--tone-text, var(--text))}
.banner{display: flex;gap: var(--space-4);align-items: center;padding: var(--space-4) var(--space-6);border-radius: var(--radius-2);border-inline-start: 4px solid var(--tone, var(--line-control));background: var(--tone-tint, var(--surface-hover));color: var(--tone-text, var(--text))}
.banner .icon{width: 1.75rem;height: 1.75rem}
.bars{display: block;width: 100%;height: 2.25rem}
.bars .up{fill: var(--up)}
.bars .degraded{fill: var(--degraded)}
.bars .down{fill: var(--down)}
.bars .none{fill: var(--no-data)}
.axis,.plot-y,.plot-x{display: flex;justify-content: space-between;font-size: var(--text-xs);color: var(--text-muted);font-variant-numeric: tabular-nums}
.axis{margin-block-start: var(--space-1)}
@media (max-width: 44rem){
.card > *,.banner,.summary{padding: var(--space-4)}
.stack-lg > * + *{margin-block-start: var(--space-8)}
}
@media print{
:root{color-scheme: light}
nav,form,.top,.skip,.btn{display: none}
.page{max-width: none;padding: 0}
.banner,.badge,.card{border: 1px solid;background: none}
.card > *,.banner,tr{break-inside: avoid}
details::details-content{content-visibility: visible;display: block;block-size: auto}
}
@media (forced-colors: active){
.bars path,.chart path{forced-color-adjust: none}
.icon{forced-color-adjust: auto}
.banner,.badge{border: 1px solid}
}
@media (prefers-reduced-motion: no-preference){
a,.btn{transition: background 0.12s, color 0.12s}
}
`

/**
 * What the public page needs of static/assets/app.css, rule by rule; a test holds the two together. It travels inside
 * the page, so that the page is one request, and the edge puts the SHA-256 of exactly this text into its policy.
 */
export const STATUS_PAGE_CSS = RULES.replaceAll('\n', '')
