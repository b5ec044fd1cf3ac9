import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
import { knownProps } from "./resource.ts";
import { rules } from "./rules/index.ts";

/** The rules as Pulumi policies. The rules themselves are pure and do not depend on Pulumi. */
new PolicyPack("deepseek-ocr", {
  enforcementLevel: "mandatory",
  policies: rules.map(
    (rule): ResourceValidationPolicy => ({
      name: rule.name,
      description: rule.description,
      validateResource: ({ type, name, props }, reportViolation) => {
        for (const violation of rule.check({ type, name, props: knownProps(props) })) reportViolation(violation);
      },
    }),
  ),
});
