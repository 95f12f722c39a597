import type { AlertInfo } from '../api/types';
import { Card, Chip } from '../design/kit';
import { TimeAgo } from '../design/Time';
import style from './run.module.css';

/** What the run called people for, the newest first. */
export function RunAlerts({ alerts }: { alerts: readonly AlertInfo[] }) {
  return (
    <Card title="Alerts" icon="warning" more={alerts.length} flush>
      <ul className={style.useList}>
        {[...alerts].reverse().map((alert, i) => (
          <li key={i}>
            <Chip tone={alert.severity === 'ERROR' ? 'accent' : 'soft'}>{alert.severity.toLowerCase()}</Chip>
            <b>{alert.title}</b>
            <span>{alert.text}</span>
            <span className={style.useFacts}><TimeAgo at={alert.at} /></span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
