import { Link } from '@tanstack/react-router';
import type { MediaInfo } from '../api/types';
import { Card } from '../design/kit';
import { urls } from '../api/client';
import { mediaByKey } from './media';
import style from './run.module.css';

/** The newest picture of every key, on the overview. */
export function MediaStrip({ runId, media }: { runId: string; media: readonly MediaInfo[] }) {
  const latest = mediaByKey(media).slice(0, 6).map(({ frames }) => frames.at(-1)!);
  if (latest.length === 0) return null;
  return (
    <Card title="Media" icon="image" more={<Link to="/runs/$runId/media" params={{ runId }}>All media</Link>}>
      <div className={style.strip}>
        {latest.map((one) => (
          <Link key={one.key} to="/runs/$runId/media" params={{ runId }} className={style.thumb}>
            <img src={urls.runFile(runId, one.path)} alt={one.caption ?? one.key} loading="lazy" />
            <span title={one.key}>{one.key}</span>
          </Link>
        ))}
      </div>
    </Card>
  );
}
