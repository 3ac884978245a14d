// What the options of a layer say of one of its weights: how it begins, what it costs, what it is held to. The options are
// called after the weight: `kernelInitializer`, `kernelRegularizer`, `kernelConstraint`.
import { type Initializer, type InitializerLike, toInitializer } from '../initializers/index.js';
import { configOf } from '../initializers/initializer.js';
import type { OptionNames } from '../options.js';
import { type Constraint, type ConstraintLike, toConstraint } from './constraints/index.js';
import type { LayerConfig } from './layer.js';
import { savedPart } from './part.js';
import { type LayerRegularizer, type LayerRegularizerLike, toLayerRegularizer } from './regularizers/index.js';

/** What training does with a weight besides moving it along its gradient. */
export interface WeightRules {
  /** What is added to the loss for it. */
  readonly regularizer?: LayerRegularizer | undefined;
  /** What it becomes after every update. */
  readonly constraint?: Constraint | undefined;
}

export interface WeightSettings {
  readonly initializer: Initializer;
  readonly rules: WeightRules;
}

/** Options of a kernel. */
export interface KernelOptions {
  /** Default `glorotUniform`. */
  readonly kernelInitializer?: InitializerLike | undefined;
  /** Added to the loss. Default: nothing. */
  readonly kernelRegularizer?: LayerRegularizerLike | undefined;
  /** What the kernel is held to after every update. Default: nothing. */
  readonly kernelConstraint?: ConstraintLike | undefined;
}

/** @internal */
export const kernelOptionNames: OptionNames<KernelOptions> = {
  kernelInitializer: true,
  kernelRegularizer: true,
  kernelConstraint: true,
};

/** Options of a bias. */
export interface BiasOptions {
  /** Default `zeros`. */
  readonly biasInitializer?: InitializerLike | undefined;
  /** Added to the loss. Default: nothing. */
  readonly biasRegularizer?: LayerRegularizerLike | undefined;
  /** What the bias is held to after every update. Default: nothing. */
  readonly biasConstraint?: ConstraintLike | undefined;
}

/** @internal */
export const biasOptionNames: OptionNames<BiasOptions> = {
  biasInitializer: true,
  biasRegularizer: true,
  biasConstraint: true,
};

/** Options of a scale `gamma` and an offset `beta`. */
export interface GammaBetaOptions {
  /** Default `zeros`. */
  readonly betaInitializer?: InitializerLike | undefined;
  /** Added to the loss. Default: nothing. */
  readonly betaRegularizer?: LayerRegularizerLike | undefined;
  /** What beta is held to after every update. Default: nothing. */
  readonly betaConstraint?: ConstraintLike | undefined;
  /** Default `ones`. */
  readonly gammaInitializer?: InitializerLike | undefined;
  /** Added to the loss. Default: nothing. */
  readonly gammaRegularizer?: LayerRegularizerLike | undefined;
  /** What gamma is held to after every update. Default: nothing. */
  readonly gammaConstraint?: ConstraintLike | undefined;
}

/** @internal */
export const gammaBetaOptionNames: OptionNames<GammaBetaOptions> = {
  betaInitializer: true,
  betaRegularizer: true,
  betaConstraint: true,
  gammaInitializer: true,
  gammaRegularizer: true,
  gammaConstraint: true,
};

/** Options of the weight `Name`. */
type OptionsFor<Name extends string> = { readonly [Key in `${Name}Initializer`]?: InitializerLike | undefined } & {
  readonly [Key in `${Name}Regularizer`]?: LayerRegularizerLike | undefined;
} & { readonly [Key in `${Name}Constraint`]?: ConstraintLike | undefined };

/**
 * The settings of the weight `name`, with a default for how it begins.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option.
 */
export function weightSettings<Name extends string>(
  name: Name,
  options: OptionsFor<Name>,
  initializer: InitializerLike,
): WeightSettings {
  const given: Readonly<Record<string, unknown>> = options;
  const wanted = given[`${name}Initializer`] as InitializerLike | undefined;
  return {
    initializer: toInitializer(wanted === undefined ? initializer : wanted),
    rules: weightRules({
      regularizer: given[`${name}Regularizer`] as LayerRegularizerLike | undefined,
      constraint: given[`${name}Constraint`] as ConstraintLike | undefined,
    }),
  };
}

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option. */
export function weightRules({
  regularizer,
  constraint,
}: {
  readonly regularizer?: LayerRegularizerLike | undefined;
  readonly constraint?: ConstraintLike | undefined;
}): WeightRules {
  return {
    ...(regularizer !== undefined && { regularizer: toLayerRegularizer(regularizer) }),
    ...(constraint !== undefined && { constraint: toConstraint(constraint) }),
  };
}

/** What a layer's config has of them: the options that make them again. @internal */
export function settingsConfig(name: string, { initializer, rules }: WeightSettings): LayerConfig {
  const { regularizer, constraint } = rules;
  return {
    [`${name}Initializer`]: configOf(initializer),
    ...(regularizer && { [`${name}Regularizer`]: savedPart(regularizer) }),
    ...(constraint && { [`${name}Constraint`]: savedPart(constraint) }),
  };
}
