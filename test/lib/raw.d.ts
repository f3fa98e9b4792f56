/** A file as text. */
declare module '*?raw' {
  const text: string
  // biome-ignore lint/style/noDefaultExport: how Vite gives it
  export default text
}
