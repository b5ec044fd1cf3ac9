/** A problem that the user can fix; the message says how and is shown without a stack trace. */
export class UserError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "UserError";
  }
}
