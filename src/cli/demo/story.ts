import { playAssignments, playGroupRemoval } from './acts/assign.ts';
import { playLeaver, playMover, playRehire, playRename } from './acts/changes.ts';
import { playCatalog, playConnection, playMappings } from './acts/connect.ts';
import { playGroups, playPeople } from './acts/people.ts';
import type { Stage } from './stage.ts';

const zara = 'zara.nguyen@acme.example';
const maja = 'maja.sjoeberg@acme.example';
const daan = 'daan.visser@acme.example';
const takahashi = 'kenichi.takahashi@acme.example';

/** The main job from beginning to end. True when every act was as it should be. */
export async function tellStory(stage: Stage, peopleFile: string): Promise<boolean> {
  await playPeople(stage, peopleFile);
  await playGroups(stage);
  await playCatalog(stage);
  await playConnection(stage);
  await playMappings(stage, takahashi);
  await playAssignments(stage, ['Engineering', 'Sales'], zara);
  await playMover(stage, zara, { department: 'Sales', title: 'Sales Operations Analyst', costCenter: 'CC-1210' });
  await playRename(stage, maja, {
    login: 'maja.aakesson@acme.example',
    email: 'maja.aakesson@acme.example',
    lastName: 'Åkesson',
    displayName: 'Maja Åkesson',
  });
  await playLeaver(stage, daan);
  await playRehire(stage, daan);
  await playGroupRemoval(stage, 'Sales', zara);
  stage.narrator.closing(stage.acts);
  return stage.acts.every((act) => act.verified);
}
