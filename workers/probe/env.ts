export interface ProbeEnv {
  REGION: string
  ALLOW_PRIVATE_TARGETS: string
  /** DNS over HTTPS resolver, JSON form. */
  DOH_URL: string
  /** Hosts of the deployment itself: not checked, not sent to. */
  OWN_HOSTS: string
}
