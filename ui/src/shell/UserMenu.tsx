import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { setLoggedOut } from '../api/account';
import { api } from '../api/client';
import { queries } from '../api/queries';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import { Menu, MenuItem } from '../design/Menu';
import style from './shell.module.css';
import { tell } from './toasts';

/** Who is logged in. On a server without users nobody is, and nothing stands here. */
export function UserMenu() {
  const who = useQuery(queries.session()).data;
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!who || who.isOperator) return null;
  const logOut = async () => {
    try {
      await api.logOut();
      client.clear();
      setLoggedOut(true);
    } catch (fault) {
      tell({ text: (fault as Error).message, bad: true });
    }
  };
  return (
    <Menu label={`Account of ${who.name}`} button={<><span className={kit.face} aria-hidden="true">{[...who.name][0]}</span></>} className={`${kit.bare} ${style.account}`} align="right" role="menu">
      {(close) => (
        <>
          <p className={style.accountName} role="presentation">{who.name}{who.isAdmin && <small>admin</small>}</p>
          <MenuItem onSelect={() => { close(); void navigate({ to: '/settings/keys' }); }}><Icon name="user" size={14} /> My keys and password</MenuItem>
          {who.isAdmin && <MenuItem onSelect={() => { close(); void navigate({ to: '/settings/users' }); }}><Icon name="info" size={14} /> Users</MenuItem>}
          <MenuItem onSelect={() => void logOut()}><Icon name="cross" size={14} /> Log out</MenuItem>
        </>
      )}
    </Menu>
  );
}
