import Type from 'typebox';
import type { Ctx } from '#platform/context';
import type { App, Request } from '#platform/http/app';
import { hashSecret } from '#platform/ids';
import { type Followed, followLink, lookAtLink } from './follow-link.ts';
import { languageOfBrowser } from './language.ts';
import type { LinkPurpose } from './link.ts';
import { pageStatus, recipientPage, recipientPageHeaders } from './page.ts';

/** A form without fields, or the one word of RFC 8058. */
const bodyBytesMax = 4_096;
const Params = Type.Object({ token: Type.String() });

/**
 * Pages behind the links in mails to recipients. A GET shows a button and changes nothing; the POST of the button, or
 * of a mail program that unsubscribes with one click, does it.
 */
export function recipientPageRoutes(app: App, ctx: Ctx): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (_request, _body, done) =>
    done(null, undefined),
  );
  for (const purpose of ['confirm', 'unsubscribe'] as const) pageRoutes(app, ctx, purpose);
}

function pageRoutes(app: App, ctx: Ctx, purpose: LinkPurpose): void {
  const url = `/recipients/${purpose}/:token`;
  const schema = { hide: true, access: 'public', params: Params };
  app.get(url, { schema }, async (request, reply) => {
    const followed = await counted(app, request, request.params.token, (token) =>
      lookAtLink(ctx, purpose, token),
    );
    return await reply
      .code(pageStatus[followed.state])
      .headers(recipientPageHeaders)
      .send(recipientPage(purpose, followed, languageOfBrowser(request.headers['accept-language'])));
  });
  app.post(
    url,
    {
      schema,
      bodyLimit: bodyBytesMax,
      config: { unaudited: 'a person decides about their own address; the row of the recipient says when' },
    },
    async (request, reply) => {
      const followed = await counted(app, request, request.params.token, (token) =>
        followLink(ctx, purpose, token),
      );
      return await reply
        .code(pageStatus[followed.state])
        .headers(recipientPageHeaders)
        .send(recipientPage(purpose, followed, languageOfBrowser(request.headers['accept-language'])));
    },
  );
}

/** A link is a credential: wrong ones count against the network that they come from. @throws rate_limited */
async function counted(
  app: App,
  request: Request,
  token: string,
  look: (token: string) => Promise<Followed>,
): Promise<Followed> {
  const credential = hashSecret(token).toString('base64url');
  app.wrongCredentials.admit(request.peer, () => credential);
  const followed = await look(token);
  if (followed.state === 'invalid') app.wrongCredentials.wrong(request.peer);
  else app.wrongCredentials.good(credential);
  return followed;
}
