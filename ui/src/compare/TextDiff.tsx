import { useQuery } from '@tanstack/react-query';
import { readFileHead, urls } from '../api/client';
import type { RunFileInfo } from '../api/types';
import { Bones, Card } from '../design/kit';
import { DiffView } from '../files/DiffView';
import style from './compare.module.css';

const readAtMost = 1024 * 1024;

export interface Side {
  runId: string;
  label: string;
  file: RunFileInfo | undefined;
}

/** The same file of two runs, with what changed between them. */
export function TextDiff({ title, what, before, after }: { title: string; what: string; before: Side; after: Side }) {
  const isSame = before.file !== undefined && before.file.digest === after.file?.digest;
  const first = useQuery({ ...textOf(before), enabled: !isSame && before.file !== undefined });
  const second = useQuery({ ...textOf(after), enabled: !isSame && after.file !== undefined });
  const error = first.error ?? second.error;
  return (
    <Card title={title} icon="git" more={<>{before.label} → {after.label}</>}>
      {!before.file && !after.file && <p className={style.quiet}>Neither run recorded {what}.</p>}
      {isSame && <p className={style.quiet}>The same in both: {before.file!.path}.</p>}
      {!isSame && (before.file || after.file) && (
        <>
          {!before.file && <p className={style.quiet}>Only {after.label} recorded {what}.</p>}
          {!after.file && <p className={style.quiet}>Only {before.label} recorded {what}.</p>}
          {error ? <p className={style.quiet}>{error.message}</p> : (before.file && first.isPending) || (after.file && second.isPending) ? <Bones lines={3} /> : (
            <DiffView before={first.data ?? ''} after={second.data ?? ''} label={`${title}: ${before.label} and ${after.label}`} />
          )}
        </>
      )}
    </Card>
  );
}

function textOf({ runId, file }: Side) {
  return {
    queryKey: ['text', runId, file?.path, file?.digest],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const { bytes } = await readFileHead(urls.runFile(runId, file!.path), file!.size, readAtMost, signal);
      return new TextDecoder().decode(bytes);
    },
    staleTime: Infinity,
  };
}
