import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { queries } from '../api/queries';
import { Card, Chip, kit } from '../design/kit';
import { TimeAgo } from '../design/Time';
import { tell } from '../shell/toasts';
import style from './accounts.module.css';

/** Where one is logged in. */
export function BrowsersCard() {
  const { data: { sessions } } = useSuspenseQuery(queries.browsers());
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: (id: number) => api.endSession(id),
    onError: (error) => tell({ text: error.message, bad: true }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['browsers'] }),
  });
  return (
    <Card title="Browsers that are logged in" icon="keyboard">
      <ul className={style.browsers}>
        {sessions.map(({ id, agent, address, seenAt, isThis }) => (
          <li key={id}>
            <span>
              <strong title={agent ?? undefined}>{nameOf(agent)}</strong> {isThis && <Chip tone="soft">this one</Chip>}
              <small className={style.muted}>{address && <>from {address}, </>}used <TimeAgo at={seenAt} /></small>
            </span>
            {!isThis && <button type="button" className={kit.button} disabled={end.isPending} onClick={() => end.mutate(id)} aria-label={`Log out ${nameOf(agent)}, ${address ?? ''}`}>Log out</button>}
          </li>
        ))}
        {sessions.length === 0 && <li className={style.muted}>None: this browser showed a key.</li>}
      </ul>
    </Card>
  );
}

/** "Firefox on Linux": the two words that people know their browser by. */
function nameOf(agent: string | null | undefined): string {
  if (!agent) return 'A program';
  const browser = ['Edg', 'Firefox', 'Chrome', 'Safari'].find((one) => agent.includes(one));
  const system = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac', 'Linux'].find((one) => agent.includes(one));
  if (!browser) return agent.split(/[/ ]/)[0] ?? 'A program';
  return `${browser === 'Edg' ? 'Edge' : browser}${system ? ` on ${system}` : ''}`;
}
