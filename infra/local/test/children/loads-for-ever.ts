/** A child that is still loading: it has registered nothing yet. */
await new Promise((resolve) => setTimeout(resolve, 600_000));
