{
  "extends": "../../tsconfig.base.json",
  "compilerOptions": {
    "rootDir": "src",
    "outDir": "dist",
    "tsBuildInfoFile": "dist/.tsbuildinfo"
  },
  "include": ["src"],
  "exclude": ["src/**/*.test.ts"],
  "references": [
    {
      "path": "../../shared/errors"
    },
    {
      "path": "../../shared/ids"
    },
    {
      "path": "../../shared/database"
    },
    {
      "path": "../../shared/subgraph"
    }
  ]
}
