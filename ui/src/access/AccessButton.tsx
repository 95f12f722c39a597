import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { queries } from '../api/queries';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import type { AccessPlace } from './place';

const AccessDialog = lazy(() => import('./AccessDialog').then((m) => ({ default: m.AccessDialog })));

/** Who may do what, for those who may say so: others do not see it, nor does anybody on a server without users. */
export function AccessButton({ place }: { place: AccessPlace }) {
  const hasUsers = useQuery(queries.session()).data?.hasUsers === true;
  const { data } = useQuery({ ...queries.permissions(place), enabled: hasUsers, retry: false });
  const [isOpen, setOpen] = useState(false);
  if (!hasUsers || data === undefined) return null;
  return (
    <>
      <button type="button" className={kit.button} onClick={() => setOpen(true)}><Icon name="user" size={14} /> Access</button>
      {isOpen && <Suspense fallback={null}><AccessDialog place={place} list={data} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
