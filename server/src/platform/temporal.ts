// Dates and clocks of time zones. The pinned Node (24) has no `Temporal` of its own: the polyfill stands in, and steps
// aside on a Node that has it. Nobody uses the global one: it is missing exactly where most machines run.
export { Temporal } from 'temporal-polyfill';
