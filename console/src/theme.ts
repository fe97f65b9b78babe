import { createTheme, type CSSVariablesResolver } from '@mantine/core';
import { t } from './text';

/** Ink blue. 6 on white and white on 6 pass 4.5:1; 3 does on the dark grounds. */
const ink = [
  '#eef2fd',
  '#dbe3fa',
  '#b7c7f4',
  '#96aef2',
  '#6585e6',
  '#4167db',
  '#2f55c8',
  '#2747ab',
  '#213b8d',
  '#1a2f70',
] as const;

/** Grounds and lines of the dark scheme, as cool as our own. */
const dark = [
  '#c9ced8',
  '#b0b7c5',
  '#8b94a5',
  '#6b7486',
  '#4a5364',
  '#323947',
  '#222732',
  '#1a1e26',
  '#14171d',
  '#101318',
] as const;

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 6, dark: 6 },
  colors: { ink, dark },
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.6rem' }, h2: { fontSize: '1.15rem' } } },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    TextInput: { defaultProps: { autoComplete: 'off' } },
    // What it puts before the first item is neither an item nor hidden.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    PasswordInput: { defaultProps: { visibilityToggleButtonProps: { 'aria-label': t.common.showPassword } } },
    Modal: { defaultProps: { centered: true, radius: 'lg' } },
  },
});

/** Our own tokens, each pair of ground and text at 4.5:1 or more in its scheme, charts on a surface at 3:1. */
export const variables: CSSVariablesResolver = () => ({
  variables: { '--mantine-color-error': 'var(--u-bad)' },
  light: {
    '--mantine-color-body': '#f5f6f9',
    '--mantine-color-text': '#1a1f2b',
    '--mantine-color-dimmed': '#586072',
    '--mantine-color-placeholder': '#646c7d',
    '--mantine-color-anchor': '#2747ab',
    '--mantine-color-error': '#b3261e',
    '--u-surface': '#ffffff',
    '--u-raised': '#f5f6f9',
    '--u-line': '#dfe3ea',
    '--u-good': '#17683a',
    '--u-good-ground': '#e3f4e9',
    '--u-bad': '#b3261e',
    '--u-bad-ground': '#fdeceb',
    '--u-warn': '#7a4a00',
    '--u-warn-ground': '#fdf1d8',
    '--u-info': '#2747ab',
    '--u-info-ground': '#e9eefc',
    '--u-quiet': '#4d5566',
    '--u-quiet-ground': '#eceef3',
    '--u-chart-good': '#3d9463',
    '--u-chart-bad': '#cf4033',
    '--u-chart-info': '#5577dd',
    '--u-chart-quiet': '#838b9b',
  },
  dark: {
    '--mantine-color-body': '#12151b',
    '--mantine-color-text': '#e6e9ef',
    '--mantine-color-dimmed': '#a3abbb',
    '--mantine-color-placeholder': '#98a1b3',
    '--mantine-color-anchor': '#a9bdf6',
    '--mantine-color-error': '#ff9d94',
    '--u-surface': '#1a1e26',
    '--u-raised': '#222732',
    '--u-line': '#323947',
    '--u-good': '#7bd99b',
    '--u-good-ground': '#163424',
    '--u-bad': '#ff9d94',
    '--u-bad-ground': '#43201e',
    '--u-warn': '#f2c36b',
    '--u-warn-ground': '#3b2d10',
    '--u-info': '#a9bdf6',
    '--u-info-ground': '#1f2a4a',
    '--u-quiet': '#c0c7d4',
    '--u-quiet-ground': '#2a303c',
    '--u-chart-good': '#5cb883',
    '--u-chart-bad': '#f0857b',
    '--u-chart-info': '#8ba4ee',
    '--u-chart-quiet': '#8b94a5',
  },
});
