import type { paging as Paging } from '../zh-cn/paging.ts';

/** Calling people by more than a message; only Lark and Feishu can. */
export const paging: typeof Paging = {
  by: { app: 'app', sms: 'text message', phone: 'phone' },
  done: (people, by) => `paged ${people} by ${by}`,
  except: (people) => `, but not ${people}`,
  failed: (by, why) => `paging by ${by} failed: ${why}`,
  notReached: (people, by) => `could not page ${people.join(', ')} by ${by}`,
  fault: {
    quota: 'quota used up',
    permission: 'the app lacks a permission',
    chat: 'this chat does not let the bot page',
    unread: 'too many unread pages',
    people: 'the platform does not take these people',
    allowance: 'this month’s API calls are used up',
    nobody: 'nobody on duty can be called here',
    no_card: 'no card of its own here',
    gone: 'the chat cannot be reached',
    unknown: 'no answer, so it may have arrived or not',
    other: 'the platform refused',
  },
  advice: {
    quota: () => 'an administrator can see and buy quota in the admin console: Billing, Benefits, SMS and phone buzz',
    permission: (needs) => `grant the app ${needs} in the developer console and publish a version`,
    chat: () =>
      'let all members buzz in the group’s settings, or make the bot an administrator; external groups never allow it',
    unread: () => 'a person can have 200 unread pages: read some of them in their chats first',
    people: () => 'they must be in this chat and within the app’s availability',
    allowance: () => 'raise the plan’s allowance of API calls, or wait for next month',
    nobody: () => 'link people on duty: `zhiban operators add NAME --role responder --id lark:ou_…`',
    no_card: () => 'it is in a storm’s card: /incident ID shows it by itself',
    gone: () => 'add the bot to the group again',
    unknown: () => 'call the people on duty yourself',
    other: () => 'call the people on duty yourself',
  },
};
