/**
 * Fails when a file under src/ exports what no other file imports. A type that its own file's exports are made
 * of may stay exported. Exceptions are listed here, each with its reason.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

const allowed = new Map([]);

const files = ['src', 'test', 'bench']
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.ts'));
const sources = new Map(files.map((path) => [path, parse(path)]));
const used = new Set([...sources].flatMap(([path, source]) => imports(path, source)));

const unused = [...sources]
  .filter(([path]) => path.startsWith('src/') && !path.endsWith('.test.ts'))
  .flatMap(([path, source]) => exported(source).map((entry) => ({ ...entry, key: `${path}#${entry.name}` })))
  .filter(({ key }) => !used.has(key) && !used.has(`${key.split('#')[0]}#*`))
  .filter(({ isType, mentions }) => !(isType && mentions > 1));

const faults = [
  ...unused.filter(({ key }) => !allowed.has(key)).map(({ key }) => `${key} is exported and nobody imports it.`),
  ...[...allowed.keys()]
    .filter((key) => !unused.some((entry) => entry.key === key))
    .map((key) => `${key} is in use: take it off the list of exceptions.`),
];
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

function parse(path) {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
}

/** `path#name` for each name another file takes; `path#*` where it takes all. */
function imports(path, source) {
  const found = [];
  const resolve = (specifier) => normalize(join(dirname(path), specifier.text));
  const visit = (node) => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier?.text.startsWith('.')) {
      const target = resolve(node.moduleSpecifier);
      const names = node.importClause?.namedBindings ?? node.exportClause;
      if (names && !ts.isNamespaceImport(names) && !ts.isNamespaceExport(names)) {
        found.push(...names.elements.map((element) => `${target}#${(element.propertyName ?? element.name).text}`));
      } else found.push(`${target}#*`);
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      if (ts.isStringLiteral(node.arguments[0])) found.push(`${resolve(node.arguments[0])}#*`);
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      found.push(`${resolve(node.argument.literal)}#*`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function exported(source) {
  return source.statements.filter(isExported).flatMap((statement) => {
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map((declaration) => declaration.name)
      : [statement.name];
    return names
      .filter((name) => name && ts.isIdentifier(name))
      .map(({ text }) => ({
        name: text,
        isType,
        mentions: source.text.match(new RegExp(`\\b${text}\\b`, 'g')).length,
      }));
  });
}

function isExported(statement) {
  return (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}
