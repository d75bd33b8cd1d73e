/** The used part of the package, which has no types. */
declare module 'html-encoding-sniffer' {
  /** The name of the encoding in which a browser would read these bytes. */
  const sniffEncoding: (
    bytes: Uint8Array,
    options?: {
      xml?: boolean;
      transportLayerEncodingLabel?: string;
      defaultEncoding?: string;
      maxPrescanBytes?: number;
    },
  ) => string;
  export = sniffEncoding;
}
