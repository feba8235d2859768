/**
 * What a description of a Kubernetes object says of its state, without what it only is: how containers are set up, what
 * they ask for and where they lie would else speak for causes that nobody saw.
 */
export function ownWords(title: string, text: string): string {
  if (/^pod /i.test(title)) return text.split('\n').map(withoutSetup).join('\n');
  return text
    .split('\n')
    .filter((line) => !ROUTINE.test(line) && !SETUP_LINE.test(line))
    .join('\n');
}

const withoutSetup = (line: string): string =>
  line
    .split(/; |；/)
    .filter((part) => !SETUP.test(part))
    .join('; ');

const SETUP =
  /^(image|requests|limits|no requests|没有 requests|livenessprobe|readinessprobe|startupprobe|ports|labels|nodeselector|node|节点|created|创建于) /i;
const SETUP_LINE = /^(allocatable|kubelet|taints|ports) /;

/** Events of everyday work. */
const ROUTINE =
  /^×\d+ normal (scheduled|pulled|pulling|created|started|successfulcreate|successfuldelete|successfulattachvolume|leaderelection|sync) /i;
