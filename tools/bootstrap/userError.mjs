/** Something that the person at the keyboard can mend; the message says how and is shown without a stack. */
export class UserError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "UserError";
  }
}
