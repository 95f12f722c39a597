import { Link } from '@tanstack/react-router';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import { PageHead, Tabs } from '../shell/PageHead';

export function PipelinesHead() {
  return (
    <>
      <PageHead title="Pipelines" actions={<Link to="/launch" className={kit.button}><Icon name="bolt" size={14} /> Launch …</Link>} />
      <Tabs label="Parts of pipelines">
        <Link to="/pipelines" activeOptions={{ exact: true, includeSearch: false }}><Icon name="run" size={15} /> Runs</Link>
        <Link to="/pipelines/triggers" activeOptions={{ includeSearch: false }}><Icon name="clock" size={15} /> Triggers and jobs</Link>
      </Tabs>
    </>
  );
}
