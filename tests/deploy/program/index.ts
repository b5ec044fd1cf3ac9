import * as pulumi from "@pulumi/pulumi";

interface PageInputs {
  /** File that the fake service reads. */
  readonly file: string;
  readonly text: string;
  /** How long a change takes. */
  readonly seconds: number;
  /** Fail with these words. */
  readonly fail: string;
}

/** Stands for the service: what it is told becomes what pages come back as. */
class Service extends pulumi.dynamic.Resource {
  constructor(name: string, args: pulumi.Inputs) {
    const apply = async (inputs: PageInputs) => {
      const { appendFileSync, writeFileSync } = await import("node:fs");
      appendFileSync(`${inputs.file}.begun`, "x");
      await new Promise((resolve) => setTimeout(resolve, inputs.seconds * 1_000));
      if (inputs.fail) throw new Error(inputs.fail);
      writeFileSync(inputs.file, inputs.text);
      return inputs;
    };
    super(
      {
        create: async (inputs: PageInputs) => ({ id: "service", outs: await apply(inputs) }),
        update: async (_id: string, _old: PageInputs, inputs: PageInputs) => ({ outs: await apply(inputs) }),
        diff: async (_id: string, old: PageInputs, inputs: PageInputs) => ({
          changes: old.text !== inputs.text || old.fail !== inputs.fail,
        }),
      },
      name,
      args,
    );
  }
}

const config = new pulumi.Config();

new Service("service", {
  file: config.require("file"),
  text: config.require("text"),
  seconds: config.getNumber("seconds") ?? 0,
  fail: config.get("fail") ?? "",
});

export const endpoint = config.require("endpoint");
export const modelId = "deepseek-ocr";
export const apiKey = config.requireSecret("apiKey");
