/** As the contracts say; written out here, so that no page loads the schemas for a number. */
export const bulkAlertsMax = 100;
export const searchLengthMax = 200;
export const viewNameLengthMax = 60;
export const reasonLengthMax = 2_000;
