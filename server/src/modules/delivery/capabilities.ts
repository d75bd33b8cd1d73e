/** What messages of a kind can carry. The contract test sends messages and compares these words with the bytes. */
export interface Capabilities {
  /** More items than this are told in several messages. */
  readonly itemsPerMessageMax: number;
  /** Messages of one subject stand together at the receiver: `Message.thread`. */
  readonly thread: boolean;
  /** Buttons that call back: `Message.actions`. The kind then has `inbound`, and the config must be accepted by it. */
  readonly buttons: boolean;
  /** A header by which a mail program unsubscribes with one click: `Message.unsubscribe`. */
  readonly unsubscribe: boolean;
  /**
   * The receiver keeps a state of its own for each subject, by `Message.event`: it wants every change, one subject in
   * each message. Left out: it only shows messages.
   */
  readonly state?: true;
}
