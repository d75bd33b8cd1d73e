/** Each alert is its own incident, told at once: tests of grouping and of waiting say what they want instead. */
export const toldAtOnce = {
  INCIDENT_GROUP_BY: 'none',
  INCIDENT_GROUP_WAIT: '0',
  INCIDENT_HOLD_DOWN: '0',
  INCIDENT_REOPEN_WINDOW: '0',
};
