import { expect, it } from 'vitest';
import { said, vendorClient } from './lark-sdk.ts';
import { startLarkSimulator } from './lark/simulator.ts';

it('tells the vendor’s client which scopes were granted, and which were only asked for', async () => {
  const lark = await startLarkSimulator();
  lark.scopes.clear();
  lark.scopes.set('im:chat:readonly', true).set('im:message.urgent', false);
  expect(await said(vendorClient(lark).application.v6.scope.list({}))).toMatchObject({
    code: 0,
    data: {
      scopes: [
        { scope_name: 'im:chat:readonly', grant_status: 1 },
        { scope_name: 'im:message.urgent', grant_status: 2 },
      ],
    },
  });
  await lark.stop();
});
