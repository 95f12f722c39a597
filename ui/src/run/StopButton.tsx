import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../api/client';
import type { RunDetail } from '../api/types';
import style from '../artifacts/artifacts.module.css';
import { DialogFrame } from '../design/DialogFrame';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import { count } from '../format/numbers';

/** Ends a run that goes on, after telling what that means. */
export function StopButton({ detail }: { detail: RunDetail }) {
  const [open, setOpen] = useState(false);
  if (detail.run.status !== 'running' && detail.run.status !== 'scheduled') return null;
  return (
    <>
      <button type="button" className={kit.button} onClick={() => setOpen(true)} title={detail.stopRequested ? 'It was asked to stop' : 'Stop this run'}>
        <Icon name="stop" size={13} /> {detail.stopRequested ? 'Stopping …' : 'Stop'}
      </button>
      {open && <StopDialog detail={detail} onClose={() => setOpen(false)} />}
    </>
  );
}

function StopDialog({ detail, onClose }: { detail: RunDetail; onClose: () => void }) {
  const { run, children, stopRequested } = detail;
  const dialog = useRef<HTMLDialogElement>(null);
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: async (how: 'ask' | 'mark') => {
      if (how === 'ask') await api.stopRun(run.id);
      else await api.updateRun(run.id, { status: 'killed' });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['run', run.id] });
      dialog.current?.close();
    },
  });
  const below = children.filter(({ status }) => status === 'running' || status === 'scheduled').length;
  return (
    <DialogFrame
      dialog={dialog} title={<>Stop {run.name}?</>} onClose={onClose}
      footer={(
        <>
          <button type="button" className={kit.button} onClick={() => dialog.current?.close()}>Let it go on</button>
          <button type="button" className={kit.button} disabled={act.isPending} onClick={() => act.mutate('mark')}>Only mark as killed</button>
          <button type="button" className={`${kit.button} ${style.danger}`} disabled={act.isPending} onClick={() => act.mutate('ask')}>{stopRequested ? 'Ask again' : 'Stop it'}</button>
        </>
      )}
    >
      <p>
        What carries it out is asked to end: <code>cairn run</code> ends its command and all the command started, first gently, then by force;
        W&amp;B’s client interrupts its program. The run then counts as killed. What it logged stays.
      </p>
      {below > 0 && <p>{count(below, 'nested run')} {below === 1 ? 'goes' : 'go'} on below it and {below === 1 ? 'ends' : 'end'} with it, where the same program carries {below === 1 ? 'it' : 'them'} out.</p>}
      <p className={style.none}>
        A program that uses only MLflow’s client listens to nobody: it goes on, wherever it runs. If it is gone already, the run can be marked as killed.
      </p>
      {stopRequested && <p><b>It was asked to stop already</b> and has not ended yet.</p>}
      {act.error && <ErrorPanel error={act.error} />}
    </DialogFrame>
  );
}
