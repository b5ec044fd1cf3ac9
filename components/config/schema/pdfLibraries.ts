import { z } from "zod";

export const pdfLibraries = z
  .strictObject({
    install: z
      .enum(["never", "ifPossible", "required"])
      .describe(
        "Install them when the head starts, at the versions and hashes of serve-app/requirements/pdf.lock. With `ifPossible` a head whose index does not answer starts without them; with `required` it does not start, and `pulumi up` says why. With `never`, PDFs need an image that has the libraries; without one they are answered 501.",
      ),
    index: z
      .url({ protocol: /^https?$/, error: "write an http or https URL" })
      .exactOptional()
      .describe(
        "Package index, such as a mirror of PyPI in a closed network (PIP_INDEX_URL). One with a login belongs into the secret `packageIndex`. Defaults to what the image's pip is set to: PyPI.",
      ),
  })
  .describe("Python packages that read PDFs, which Ray's images lack. What an image has already is never replaced.");
