import { renderStack } from "./stack.ts";

async function main([stack, ...rest]: readonly string[]): Promise<void> {
  if (!stack || rest.length > 0) throw new Error("usage: npm run render -- STACK");
  const note = (line: string) => process.stderr.write(`${line}\n`);
  process.stdout.write(await renderStack(process.cwd(), stack, note));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
