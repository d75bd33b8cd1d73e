/** What the stories use of it; the package brings no types. */
declare module 'express' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

  interface Request extends IncomingMessage {
    params: Record<string, string>;
  }
  interface Response extends ServerResponse {
    status(code: number): Response;
    send(body: string): Response;
  }
  type Handler = (request: Request, response: Response, next: (error?: unknown) => void) => unknown;
  type ErrorHandler = (error: Error, ...rest: Parameters<Handler>) => unknown;
  interface Router {
    use(handler: Handler | ErrorHandler | Router): Router;
    use(path: string, handler: Handler | Router): Router;
    get(path: string | RegExp | readonly string[], ...handlers: Handler[]): Router;
    post(path: string, ...handlers: Handler[]): Router;
  }
  interface Express extends RequestListener, Router {}
  function express(): Express;
  namespace express {
    function Router(options?: { mergeParams?: boolean }): Router;
  }
  export = express;
}
