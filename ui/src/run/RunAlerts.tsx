import type { AlertInfo } from '../api/types';
import { Icon } from '../design/Icon';
import { Card } from '../design/kit';
import { TimeAgo } from '../design/Time';
import style from './run.module.css';

/** What the run called people for, the newest first. */
export function RunAlerts({ alerts }: { alerts: readonly AlertInfo[] }) {
  return (
    <Card title="Alerts" icon="warning" more={alerts.length} flush>
      <ul className={style.alerts}>
        {[...alerts].reverse().slice(0, 100).map((alert, i) => (
          <li key={i} className={style[`alert${alert.severity}`]}>
            <Icon name={alert.severity === 'INFO' ? 'info' : 'warning'} size={15} />
            <span className={style.severity}>{alert.severity.toLowerCase()}</span>
            <span>
              <b>{alert.title}</b>
              {alert.text && <span className={style.alertText}>{alert.text}</span>}
            </span>
            <TimeAgo at={alert.at} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
