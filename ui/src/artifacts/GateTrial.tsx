import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queries } from '../api/queries';
import type { ArtifactDetail, SetGateRequest, VerdictInfo } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Bones } from '../design/kit';
import style from './artifacts.module.css';
import { Conditions } from './GateVerdict';

/** Versions that are asked about without being chosen: more would be a crowd. */
const newest = 4;

/** Those a gate is tried on: the newest, the one that has the alias, the chosen one. The first is who would come next. */
export function triedVersions(detail: ArtifactDetail, alias: string, chosen: string | undefined): string[] {
  const holder = detail.artifact.aliases[alias];
  const all = detail.versions.map(({ version }) => version);
  const shown = new Set([...all.filter((one) => one !== holder).slice(0, newest), holder, chosen].filter((one) => one !== undefined && all.includes(one)));
  return all.filter((one) => shown.has(one)).sort((a, b) => Number(a === holder) - Number(b === holder));
}

/** "Would it be let through?", for a few versions at once, with every condition of the chosen one. */
export function GateTrial({ detail, alias, proposed, versions, chosen, onChoose, under }: {
  detail: ArtifactDetail; alias: string; versions: readonly string[]; chosen: string; onChoose: (version: string) => void;
  /** A gate that is not set yet, to be tried; without it the one that is kept is asked. */
  proposed?: SetGateRequest;
  under?: (verdict: VerdictInfo) => ReactNode;
}) {
  const { experimentId, name } = detail.artifact;
  const kept = useQueries({ queries: proposed ? [] : versions.map((version) => ({ ...queries.verdict(experimentId, name, alias, version), retry: false })) });
  const tried = useQueries({ queries: proposed ? versions.map((version) => ({ ...queries.gateTrial(experimentId, name, alias, version, proposed), retry: false })) : [] });
  const answers = proposed ? tried : kept;
  const holder = detail.artifact.aliases[alias];
  const at = Math.max(0, versions.indexOf(chosen));
  const answer = answers[at];
  const rest = detail.versions.filter(({ version }) => !versions.includes(version));
  return (
    <section className={style.trial} aria-label="Would it be let through?">
      <div className={style.trialHead}>
        <h3>Would it be let through?</h3>
        <span className={style.trialPicks} role="group" aria-label="Version">
          {versions.map((version, i) => {
            const verdict = answers[i]?.data;
            return (
              <button key={version} type="button" aria-pressed={version === chosen} onClick={() => onChoose(version)} className={verdict ? (verdict.passed ? style.wouldPass : style.wouldFail) : undefined}>
                {verdict && <Icon name={verdict.passed ? 'check' : 'cross'} size={12} label={verdict.passed ? 'would pass:' : 'would not pass:'} />} {version}
                {version === holder && <small>{alias} now</small>}
              </button>
            );
          })}
          {rest.length > 0 && (
            <select value="" aria-label="Another version" onChange={(event) => onChoose(event.target.value)}>
              <option value="">older …</option>
              {rest.map(({ version }) => <option key={version}>{version}</option>)}
            </select>
          )}
        </span>
      </div>
      {answer?.error ? <ErrorPanel error={answer.error} /> : !answer?.data ? <Bones lines={2} /> : (
        <>
          <Conditions verdict={answer.data} />
          {under?.(answer.data)}
        </>
      )}
    </section>
  );
}
