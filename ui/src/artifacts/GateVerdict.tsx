import type { GateInfo, VerdictInfo } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Bones, kit } from '../design/kit';
import style from './artifacts.module.css';

/** What the gate before an alias asks for, and what it says of the version that is proposed. */
export function GateVerdict({ gate, verdict, error, isUndo, isMove, onApprove, approveError }: {
  gate: GateInfo; verdict: VerdictInfo | undefined; error: Error | null; isUndo: boolean; isMove: boolean;
  /** Undefined while nobody said who approves. */
  onApprove: (() => Promise<unknown>) | undefined; approveError: Error | null;
}) {
  const mayApprove = isMove && verdict?.conditions.some((condition) => condition.kind === 'approval' && !condition.passed);
  return (
    <section className={style.gate} aria-label={`Gate of ${gate.alias}`}>
      <h3>
        Gate of {gate.alias}
        <small>{[gate.source, gate.setBy && `set by ${gate.setBy}`].filter(Boolean).join(' · ')}</small>
      </h3>
      {isUndo ? (
        <>
          <p>Going back to the version before is let through without it.</p>
          <GateWords gate={gate} />
        </>
      ) : !isMove ? <GateWords gate={gate} />
        : error ? <ErrorPanel error={error} />
          : !verdict ? <Bones lines={2} />
            : <Conditions verdict={verdict} />}
      {mayApprove && (
        <p>
          <button type="button" className={kit.button} disabled={!onApprove} onClick={() => void onApprove?.().catch(() => undefined)}><Icon name="check" size={13} /> Approve it</button>
          {!onApprove && <span className={style.none}> Give your name below to approve.</span>}
        </p>
      )}
      {approveError && <ErrorPanel error={approveError} />}
    </section>
  );
}

/** Every condition with the facts by which it was judged. */
export function Conditions({ verdict }: { verdict: VerdictInfo }) {
  return (
    <ul className={style.conditions}>
      {verdict.conditions.map((condition, i) => (
        <li key={i} className={condition.passed ? style.held : style.failed}>
          <Icon name={condition.passed ? 'check' : 'cross'} size={14} label={condition.passed ? 'passed' : 'failed'} />
          <span>
            <code>{condition.text}</code>
            <span className={style.conditionDetail}>{condition.detail}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What a gate asks for, in words. */
export function GateWords({ gate }: { gate: GateInfo }) {
  const parts: string[] = [];
  if (gate.when) parts.push(gate.data ? `${gate.when} (measured on ${gate.data})` : gate.when);
  for (const check of gate.checks) parts.push(`check ${check} passed`);
  if (gate.approvals > 0) parts.push(`${gate.approvals} ${gate.approvals === 1 ? 'approval' : 'approvals'}${gate.approvers.length > 0 ? ` of ${gate.approvers.join(', ')}` : ''}`);
  return <ul className={style.gateWords}>{parts.map((part) => <li key={part}><code>{part}</code></li>)}</ul>;
}
