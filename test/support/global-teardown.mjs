/** Stops what global-setup.mjs has started; both run in the same process. */
export default async function tearDown() {
  await globalThis.powerfillTestServers?.close();
}
