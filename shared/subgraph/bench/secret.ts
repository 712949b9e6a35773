export const SECRET = 'the secret of the bench, for nobody else';
