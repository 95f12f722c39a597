import type { ReferenceInfo } from '../api/types';
import { Card, CopyButton } from '../design/kit';
import style from './artifacts.module.css';

/** Files of a version that lie elsewhere. The server never opens them, so there is nothing to show but where they are. */
export function References({ references }: { references: readonly ReferenceInfo[] }) {
  return (
    <Card title="References" icon="arrow" more={references.length} flush>
      <ul className={style.references}>
        {references.map((reference) => (
          <li key={reference.path} title={`digest ${reference.digest}`}>
            <span>{reference.path}</span> <code>{reference.uri}</code><CopyButton text={reference.uri} what="address" />
          </li>
        ))}
      </ul>
    </Card>
  );
}
