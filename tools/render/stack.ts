import { ConfigError } from "../../components/config/errors.ts";
import { type ConfigSource, type LoadedConfig, loadConfig } from "../../components/config/load.ts";
import { secretNames } from "../../components/config/secrets.ts";
import { DeepSeekOcr } from "../../components/index.ts";
import { renderDocuments } from "./documents.ts";
import { record } from "./record.ts";
import { readStackFile, withSecrets } from "./stackFile.ts";

/**
 * Every resource that a stack would register, as YAML documents with secrets masked; needs no cluster and no CLI.
 *
 * @param directory that has Pulumi.STACK.yaml.
 * @param note gets a line where secrets had to be assumed.
 */
export async function renderStack(directory: string, stack: string, note: (line: string) => void): Promise<string> {
  const { settings, secrets } = loadWithoutSecrets(readStackFile(directory, stack), note);
  return renderDocuments(await record(() => new DeepSeekOcr("deepseek-ocr", { ...settings, secrets }), stack));
}

/**
 * A stack file under review may lack the secrets that it needs, as the examples do: they are assumed, with a note.
 * Every other problem is an error.
 */
function loadWithoutSecrets(source: ConfigSource, note: (line: string) => void): LoadedConfig {
  try {
    return loadConfig(source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const missing = secretNames.filter((name) =>
      error.problems.some(({ key, seen }) => key === name && seen === "nothing"),
    );
    if (missing.length === 0) throw error;
    note(`assuming secrets that the stack does not hold yet: ${missing.join(", ")}`);
    return loadConfig(withSecrets(source, missing));
  }
}
