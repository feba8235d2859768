/** One target and one binding for each address: the n-th gets the alerts of the room `r<n>`. */
export async function bindRooms(port: number, addresses: readonly string[]): Promise<void> {
  for (const [room, address] of addresses.entries()) {
    const target = await post(port, 'targets', { address });
    const matchers = [{ name: 'room', op: '=', value: `r${room}` }];
    await post(port, 'bindings', { target_id: target.id, matchers });
  }
}

async function post(port: number, things: string, body: object): Promise<{ readonly id: string }> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/${things}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`${things}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { readonly data: { readonly id: string } }).data;
}
