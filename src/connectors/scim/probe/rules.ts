/** critical: provisioning is unsafe or impossible without. important: a client must work around it. minor: the rest. */
export type RuleWeight = 'critical' | 'important' | 'minor';
export type RuleArea =
  'connection' | 'discovery' | 'listing' | 'paging' | 'filters' | 'errors' | 'versions' | 'groups' | 'writing';

export interface Rule {
  readonly weight: RuleWeight;
  /** What must hold, as a sentence without its full stop. */
  readonly title: string;
  readonly means: string;
  readonly fix: string;
  readonly reference: string;
}

function rule(weight: RuleWeight, reference: string, title: string, means: string, fix: string): Rule {
  return { weight, reference, title, means, fix };
}

const list = 'RFC 7644 §3.4.2';
const filters = 'RFC 7644 §3.4.2.2';
const paging = 'RFC 7644 §3.4.2.4';
const patch = 'RFC 7644 §3.5.2';
const errors = 'RFC 7644 §3.12';

/** What a SCIM server is held against, in the order of the report. The part before the dot is the area. */
export const rules = {
  'connection.https': rule(
    'important',
    'RFC 7644 §7.2',
    'The address is an https one',
    'Names, addresses and the credential itself travel in clear.',
    'Serve the endpoint over TLS 1.2 or newer and refuse plain http.',
  ),
  'connection.credential': rule(
    'critical',
    'RFC 7644 §2',
    'The credential lets us list accounts',
    'Nothing can be provisioned.',
    'Check the base URL (what stands before /Users) and the credential.',
  ),
  'connection.anonymous': rule(
    'critical',
    'RFC 7644 §2',
    'A request without a credential is answered with 401',
    'Anybody who knows the address can read, and perhaps change, every account.',
    'Check the credential before anything else, on every path, and answer 401 with WWW-Authenticate.',
  ),
  'connection.wrong_credential': rule(
    'critical',
    'RFC 7644 §2',
    'A wrong credential is answered with 401',
    'Any text works as a password.',
    'Compare the credential, in constant time, and answer 401 when it is not the one.',
  ),
  'connection.error_body': rule(
    'minor',
    errors,
    'A refusal is a SCIM error, too',
    'An administrator sees an empty or a foreign error in place of the reason.',
    'Answer 401 with the Error schema, `status` and `detail`, as application/scim+json.',
  ),
  'connection.media_type': rule(
    'minor',
    'RFC 7644 §8.1',
    'Answers are application/scim+json',
    'Strict clients refuse to read them.',
    'Set the content type of every answer; take application/json as well as application/scim+json.',
  ),
  'discovery.config': rule(
    'important',
    'RFC 7644 §4, RFC 7643 §5',
    'ServiceProviderConfig says what the server can do',
    'Clients find out by failing whether PATCH, bulk, filters and versions work.',
    'Serve GET /ServiceProviderConfig with patch, bulk, filter, sort, etag and changePassword.',
  ),
  'discovery.schemas': rule(
    'important',
    'RFC 7644 §4, RFC 7643 §7',
    'Schemas lists the attributes an account may have',
    'Administrators have to type in every attribute, its type and its values by hand.',
    'Serve GET /Schemas with the core user schema and every extension, each attribute with its type and mutability.',
  ),
  'discovery.resource_types': rule(
    'important',
    'RFC 7644 §4, RFC 7643 §6',
    'ResourceTypes names the schemas and extensions of users',
    'A client cannot tell which extensions belong to accounts.',
    'Serve GET /ResourceTypes with the endpoint, the schema and the schemaExtensions of User and Group.',
  ),
  'listing.shape': rule(
    'critical',
    list,
    'A listing is a ListResponse with Resources',
    'Accounts cannot be read, so none can be matched.',
    'Answer GET /Users with the ListResponse schema, totalResults and Resources.',
  ),
  'listing.numbers': rule(
    'important',
    list,
    'totalResults, startIndex and itemsPerPage are whole numbers',
    'Clients that compare numbers stop after the first page or never.',
    'Write them as JSON numbers, not as texts, and startIndex from 1.',
  ),
  'listing.accounts': rule(
    'critical',
    'RFC 7643 §3.1, §4.1.1',
    'Every account has an id and a userName',
    'Such an account cannot be linked, changed or taken away.',
    'Give every resource an opaque, stable id as text, and its userName.',
  ),
  'listing.active': rule(
    'important',
    'RFC 7643 §4.1.1',
    'Accounts say whether they are active, as true or false',
    'A client cannot check that a leaver has lost access.',
    'Show `active` as a JSON Boolean in every answer about a user.',
  ),
  'listing.meta': rule(
    'minor',
    'RFC 7643 §3.1',
    'Resources carry meta with resourceType and location',
    'Generic clients cannot tell what a resource is or where it is.',
    'Add meta.resourceType and meta.location.',
  ),
  'listing.one': rule(
    'critical',
    'RFC 7644 §3.4.1',
    'An account can be read by its id and is the same one',
    'No change can be verified, and a change may hit somebody else.',
    'Serve GET /Users/{id} for every id the listing shows.',
  ),
  'listing.projection': rule(
    'minor',
    'RFC 7644 §3.9',
    'The parameter attributes limits what is answered',
    'Listings are larger and slower than they need to be.',
    'Honour `attributes` and `excludedAttributes`.',
  ),
  'paging.count': rule(
    'important',
    paging,
    'count limits how many accounts a page has',
    'A large directory comes in one answer, until it is too large.',
    'Return at most `count` resources.',
  ),
  'paging.start_index': rule(
    'critical',
    paging,
    'startIndex moves on in the listing',
    'Only the first page can ever be read; everybody else seems to have no account.',
    'Skip startIndex - 1 resources of a stable order.',
  ),
  'paging.total': rule(
    'important',
    paging,
    'totalResults counts all matches, not those of the page',
    'Clients that believe it stop after the first page.',
    'Count all that match, whatever `count` is.',
  ),
  'paging.count_zero': rule(
    'minor',
    paging,
    'count=0 answers with the number alone',
    'A client cannot ask how many there are without reading them.',
    'Return totalResults and no Resources.',
  ),
  'paging.end': rule(
    'important',
    paging,
    'Beyond the end a page is empty, not an error',
    'A listing cannot be told to be complete.',
    'Answer 200 with no Resources when startIndex is past the last.',
  ),
  'paging.stable': rule(
    'important',
    paging,
    'The same page read twice is the same',
    'Accounts are listed twice or missed while paging.',
    'Order by something that does not change, such as the id.',
  ),
  'filters.finds': rule(
    'critical',
    filters,
    'userName eq finds the account, and only that',
    'Existing accounts are not found, and a second one is made.',
    'Support `userName eq "…"` by an exact look-up.',
  ),
  'filters.truthful': rule(
    'critical',
    filters,
    'A filter that matches nobody answers with nobody',
    'A client that believes it takes over a stranger’s account.',
    'Apply the filter, and answer 200 with totalResults 0; what cannot be filtered by is 400 invalidFilter.',
  ),
  'filters.letter_case': rule(
    'important',
    'RFC 7643 §4.1.1, §2.2',
    'userName eq takes no account of letter case',
    'Ada@x and ada@x become two accounts of one person.',
    'Compare user names without letter case, in filters as in uniqueness.',
  ),
  'filters.attribute_case': rule(
    'minor',
    'RFC 7643 §2.1',
    'Names of attributes in filters take no account of letter case',
    'Some clients find nobody.',
    'Fold the case of attribute names and operators.',
  ),
  'filters.external_id': rule(
    'important',
    filters,
    'externalId eq with an unknown value answers with nobody, or refuses',
    'A client that believes it takes over a stranger’s account.',
    'Support `externalId eq`, or answer 400 invalidFilter.',
  ),
  'filters.refuses': rule(
    'important',
    'RFC 7644 §3.4.2.2, §3.12',
    'A filter that is none is answered with 400',
    'A mistake of a client is answered with everybody, or brings the server down.',
    'Answer 400 with scimType invalidFilter.',
  ),
  'filters.quotes': rule(
    'minor',
    filters,
    'A quotation mark inside a value does no harm',
    'Names with quotes cannot be looked up; the filter may be open to injection.',
    'Read the value as a JSON string.',
  ),
  'filters.and': rule(
    'minor',
    filters,
    'Terms joined by and must all hold',
    'A narrower question is answered with more than asked for.',
    'Evaluate every term.',
  ),
  'filters.last_modified': rule(
    'minor',
    filters,
    'meta.lastModified can be asked for, or is refused',
    'Incremental imports silently miss changes.',
    'Support gt and ge on meta.lastModified, or answer 400 invalidFilter.',
  ),
  'errors.missing': rule(
    'important',
    errors,
    'An account that is not there is answered with 404 and a SCIM error',
    'A client cannot tell an account that is gone from a server that is broken.',
    'Answer 404 with the Error schema.',
  ),
  'errors.status_text': rule(
    'minor',
    errors,
    'The status in an error is a text',
    'Strict clients cannot read the error.',
    'Write `"status": "404"`.',
  ),
  'errors.no_page': rule(
    'minor',
    errors,
    'Unknown addresses are not answered with a web page',
    'Administrators see HTML in place of a reason.',
    'Answer in JSON below the base URL, whatever the path.',
  ),
  'versions.honest': rule(
    'minor',
    'RFC 7644 §3.14',
    'Versions are what ServiceProviderConfig says',
    'Changes made by two sides at once overwrite each other, or are refused for nothing.',
    'Send ETag only where it equals meta.version, and say so in ServiceProviderConfig.',
  ),
  'groups.list': rule(
    'important',
    'RFC 7644 §3.2',
    'Groups can be listed',
    'No group can be pushed.',
    'Serve GET /Groups, or leave Group out of ResourceTypes.',
  ),
  'groups.exclude_members': rule(
    'minor',
    'RFC 7644 §3.9',
    'excludedAttributes=members leaves the members out',
    'Looking for a group reads every member of every group.',
    'Honour `excludedAttributes`.',
  ),
  'writing.create': rule(
    'critical',
    'RFC 7644 §3.3',
    'An account is made by POST, and answered with 201 and its id',
    'No account can be made, or none can be linked.',
    'Answer 201 with the whole resource, `id` included.',
  ),
  'writing.location': rule(
    'minor',
    'RFC 7644 §3.3',
    'A new account’s address is in the Location header',
    'Clients that follow it do not find the account.',
    'Send Location, equal to meta.location.',
  ),
  'writing.kept': rule(
    'important',
    'RFC 7644 §3.3',
    'A new account keeps what it was sent',
    'Attributes silently stay empty.',
    'Store every attribute of the schemas you serve; refuse what you do not take.',
  ),
  'writing.visible': rule(
    'critical',
    'RFC 7644 §3.4',
    'A new account can be read and found at once',
    'A second account is made when the first answer is lost.',
    'Read from where was written, or wait until it is there before answering.',
  ),
  'writing.duplicate': rule(
    'critical',
    'RFC 7644 §3.3',
    'A second account of the same name is refused with 409',
    'One person gets two accounts.',
    'Keep userName unique in the database; answer 409 with scimType uniqueness.',
  ),
  'writing.duplicate_case': rule(
    'important',
    'RFC 7643 §4.1.1',
    'The same name in capitals is refused, too',
    'One person gets two accounts.',
    'Keep the folded userName unique.',
  ),
  'writing.patch_path': rule(
    'important',
    patch,
    'PATCH with a path changes that attribute',
    'Clients fall back to sending everything, and overwrite what others changed.',
    'Support replace with a path such as name.familyName, and nothing else changes.',
  ),
  'writing.patch_no_path': rule(
    'important',
    patch,
    'PATCH without a path changes what the value names',
    'Okta and others cannot change accounts.',
    'Support replace with an object as value.',
  ),
  'writing.patch_merge': rule(
    'important',
    'RFC 7644 §3.5.2.3',
    'PATCH without a path merges complex attributes',
    'Changing a last name wipes the first name.',
    'Set the sub-attributes that are given and leave the others.',
  ),
  'writing.patch_element': rule(
    'important',
    patch,
    'PATCH reaches an element by a filter in the path',
    'A work e-mail address cannot be changed alone.',
    'Support paths such as emails[type eq "work"].value.',
  ),
  'writing.patch_new_element': rule(
    'minor',
    patch,
    'An element that is not there can be added',
    'A telephone number cannot be added to an account without one.',
    'Support add with a list of elements as value.',
  ),
  'writing.patch_extension': rule(
    'important',
    'RFC 7644 §3.10, §3.5.2',
    'PATCH reaches attributes of extensions by their URN',
    'Departments, cost centres and managers do not follow.',
    'Support paths such as urn:…:enterprise:2.0:User:department.',
  ),
  'writing.patch_remove': rule(
    'important',
    'RFC 7644 §3.5.2.2',
    'PATCH remove clears an attribute',
    'Old titles stay for ever.',
    'Support remove with a path.',
  ),
  'writing.patch_op_case': rule(
    'minor',
    patch,
    'The op of a PATCH may be written with a capital',
    'Microsoft Entra cannot change accounts.',
    'Fold the case of `op`.',
  ),
  'writing.put': rule(
    'important',
    'RFC 7644 §3.5.1',
    'PUT replaces an account',
    'Clients without PATCH cannot change accounts.',
    'Support PUT, and ignore read-only attributes in it.',
  ),
  'writing.deactivate': rule(
    'critical',
    'RFC 7643 §4.1.1',
    'An account can be made inactive',
    'Leavers keep their access.',
    'Support replace of `active` by false, end the person’s sessions, and show it in every answer.',
  ),
  'writing.deactivate_path': rule(
    'minor',
    patch,
    'active can be changed with a path and without',
    'Some clients cannot take access away.',
    'Support both forms of replace.',
  ),
  'writing.reactivate': rule(
    'important',
    'RFC 7643 §4.1.1',
    'An inactive account can be made active again',
    'People who come back need a second account.',
    'Keep inactive accounts, and support replace of `active` by true.',
  ),
  'writing.stale': rule(
    'minor',
    'RFC 7644 §3.14',
    'A change to an old version is refused with 412',
    'Changes made by two sides at once overwrite each other.',
    'Compare If-Match with meta.version where etag is supported.',
  ),
  'writing.remove': rule(
    'important',
    'RFC 7644 §3.6',
    'DELETE takes an account away',
    'Accounts and licences pile up.',
    'Support DELETE with 204, after which GET is 404.',
  ),
  'writing.remove_twice': rule(
    'minor',
    'RFC 7644 §3.6',
    'A second DELETE is answered with 404',
    'A client that repeats a lost DELETE sees a failure.',
    'Answer 404 with a SCIM error.',
  ),
  'writing.groups': rule(
    'important',
    'RFC 7644 §3.3, §3.5.2',
    'A group can be made, filled, emptied and deleted',
    'Groups cannot be pushed.',
    'Support POST, PATCH of members and DELETE on /Groups, and show members.',
  ),
} as const satisfies { readonly [key: string]: Rule };

export type RuleKey = keyof typeof rules;

export const ruleKeys = Object.keys(rules).filter((key): key is RuleKey => key in rules);

export function areaOf(key: RuleKey): RuleArea {
  const area = areas.find((candidate) => key.startsWith(`${candidate}.`));
  return area ?? 'connection';
}

export const areas: readonly RuleArea[] = [
  ...(['connection', 'discovery', 'listing', 'paging', 'filters', 'errors', 'versions', 'groups', 'writing'] as const),
];
