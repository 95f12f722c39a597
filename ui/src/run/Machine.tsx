import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { readFileHead, urls } from '../api/client';
import type { RunFileInfo } from '../api/types';
import { Card } from '../design/kit';
import { decodeText } from '../files/preview';
import { type MachineFacts, machineFile, readMachine } from './machineFacts';
import style from './run.module.css';

/** What the run's files tell of its machine; null where they tell nothing. */
export function useMachine(runId: string, files: readonly RunFileInfo[]): MachineFacts | null {
  const file = files.find(({ path }) => path === machineFile);
  const { data } = useQuery({
    queryKey: ['machine', runId, file?.digest],
    queryFn: async ({ signal }) => decodeText((await readFileHead(urls.runFile(runId, machineFile), file!.size, 200_000, signal)).bytes, false) ?? '',
    enabled: file !== undefined,
    staleTime: Infinity,
  });
  return useMemo(() => (data === undefined ? null : readMachine(data)), [data]);
}

export function Machine({ machine }: { machine: MachineFacts | null }) {
  if (!machine || machine.facts.length === 0) return null;
  return (
    <Card title="Machine" icon="bolt">
      <dl className={style.facts}>{machine.facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </Card>
  );
}
