export const live = {
  lost: 'The connection is lost, so that what you see may be old. What you typed is kept. Trying again …',
};
