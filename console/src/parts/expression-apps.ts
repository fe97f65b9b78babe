import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client';
import { useMay } from '../frame/session';

/** An app as expressions name it, and as people do. */
export interface NamedApp {
  readonly id: string;
  readonly name: string;
  readonly label: string;
}

const none: readonly NamedApp[] = [];
/** A page of the server: who has more apps types the rest of the name. */
const appsMax = 200;

/** The other apps whose profiles a mapping may read. A name that several bear, as that of a template, means none. */
export function useApps(wanted: boolean, exceptAppId: string | undefined): readonly NamedApp[] {
  const may = useMay();
  const { data = none } = useQuery({
    queryKey: ['schema-apps'],
    queryFn: () => get('/api/v1/apps', { query: { limit: appsMax } }),
    enabled: wanted && may('apps.read'),
  });
  const isMeant = ({ id, name }: NamedApp) =>
    id !== exceptAppId && data.every((other) => other.id === id || other.name !== name);
  return wanted ? data.filter(isMeant) : none;
}

/** As expressions write them. */
export function useAttributesOfApp(app: NamedApp | undefined): readonly string[] {
  const { data } = useQuery({
    queryKey: ['schema', app?.id],
    queryFn: () => get('/api/v1/meta/schemas/apps/{appId}/default', { path: { appId: app?.id ?? '' } }),
    enabled: app !== undefined,
  });
  if (app === undefined || data === undefined) return [];
  const { base, custom } = data.definitions;
  return Object.keys({ ...base.properties, ...custom.properties }).map((name) => `${app.name}.${name}`);
}
