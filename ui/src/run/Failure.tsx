import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '../api/queries';
import type { RunDetail } from '../api/types';
import { Card } from '../design/kit';
import { LogText } from '../logs/LogText';
import style from './run.module.css';

/** The last words of a run that failed, before everything else. */
export function Failure({ detail: { run, logLines } }: { detail: RunDetail }) {
  const { data } = useQuery({ ...queries.logTail(run.id, logLines), enabled: logLines > 0 });
  const lines = data?.lines.filter(({ text }) => text.trim() !== '') ?? [];
  if (lines.length === 0) return null;
  const first = lines[0]!.line + 1;
  return (
    <Card title="Its last words" icon="warning" more={<Link to="/runs/$runId/logs" params={{ runId: run.id }} search={{ line: logLines }}>Whole log</Link>} flush>
      <pre className={style.lastWords} tabIndex={0} aria-label={`The last lines of the log, from line ${first}`}>
        {lines.map(({ line, text }) => <div key={line}><LogText text={text} mark="" /></div>)}
      </pre>
    </Card>
  );
}
