/** Equal to the contract's, which a test holds it to: importing the schemas would cost the sign-in page 20 KB. */
export const passwordLengthMin = 8;
