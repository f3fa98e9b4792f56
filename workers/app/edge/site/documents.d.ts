/** What scripts/documents.ts writes before each build. */
declare module '*/dist/documents.js' {
  export const DOCUMENTS: import('../../../../shared/trust/document.ts').Documents
}
