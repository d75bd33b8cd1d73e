/** Equal to the contract's, which a test holds it to: importing the schemas would cost the page 20 KB. */
export const fileMegabytesMax = 8;
