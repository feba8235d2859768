import { type LoadPlan, runLoad } from './load.ts';
import { type Workload, buildRequests } from './workload.ts';

/** What a load process is told, as its one argument; it prints a `LoadResult`. */
export interface LoadOrder extends Omit<LoadPlan, 'requests' | 'answered'> {
  readonly path: string;
  readonly workload: Workload;
}

const { path, workload, ...plan } = JSON.parse(process.argv[2] ?? '') as LoadOrder;
const result = await runLoad({ ...plan, requests: buildRequests(path, workload) });
process.stdout.write(JSON.stringify(result));
process.exit(0);
