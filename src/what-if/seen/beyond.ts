/** Namespaces whose id was not seen go by keys from here on, which no id of a seen one reaches. */
export const WITHOUT_IDS: number = 2 ** 31;
/** Ids and inode numbers that no kernel gives: what is made in the model has numbers that nobody can foretell. */
export const BEYOND_IDS: number = 2 ** 31 + 2 ** 30;
export const BEYOND_INODES: number = 2 ** 40;
