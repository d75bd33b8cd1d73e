/** What the stories use of it; the package brings no types. */
declare module 'healthchecks-io-client' {
  export class HealthChecksPingClient {
    constructor(options: { uuid: string; baseUrl?: string; timeout?: number; returnResponse?: boolean });
    start(): Promise<string | undefined>;
    success(payload?: string): Promise<string | undefined>;
    fail(payload?: string): Promise<string | undefined>;
  }
  interface Check {
    ping_url: string;
    update_url: string;
    pause_url: string;
    timeout?: number;
  }
  export class HealthChecksApiClient {
    constructor(options: { apiKey: string; baseUrl?: string; apiVersion?: number });
    getChecks(tags?: string[]): Promise<{ checks: Check[] }>;
    getCheck(uuid: string): Promise<Check>;
    createCheck(check: object): Promise<Check>;
    updateCheck(uuid: string, check: object): Promise<Check>;
    pauseCheck(uuid: string): Promise<Check>;
    deleteCheck(uuid: string): Promise<Check>;
    listPings(uuid: string): Promise<{ pings: object[] }>;
    listFlips(uuid: string, query?: object): Promise<{ flips: object[] }>;
    getIntegrations(): Promise<{ channels: object[] }>;
  }
}
