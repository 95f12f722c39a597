import { Link } from '@tanstack/react-router';
import { PageHead, Tabs } from '../shell/PageHead';

/** The heading of all pages of settings. */
export function SettingsHead() {
  return (
    <>
      <PageHead title="Settings" />
      <Tabs label="Settings">
        <Link to="/settings" activeOptions={{ exact: true }}>Server</Link>
        <Link to="/settings/users">Users</Link>
        <Link to="/settings/keys">Keys</Link>
      </Tabs>
    </>
  );
}
